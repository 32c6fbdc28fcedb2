package postgres

import (
	"encoding/json"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"

	"fermata/model"
	"fermata/sweeper"
)

// uniqueViolation is PostgreSQL's code of a row that is there already.
const uniqueViolation = "23505"

func (c *call) store(v sweeper.Verb, object string) {
	switch v {
	case sweeper.DAOCreateWorkflow:
		c.exec(insertWorkflow, object, c.w.JSON(c.s.Ref))
		var refused *pgconn.PgError
		if errors.As(c.err, &refused) && refused.Code == uniqueViolation {
			c.answer, c.err = "error conflict", nil
		}
	case sweeper.DAOUpdateWorkflow:
		c.exec(updateWorkflow, object, c.w.JSON(c.s.Ref))
	case sweeper.DAORemoveWorkflow:
		c.exec(deleteWorkflow, object)
	case sweeper.DAOGetWorkflow:
		var record model.WorkflowRecord
		c.read(readWorkflow, object, &record)
		if c.answer == "" {
			c.answer = record.Status.String()
		}
	case sweeper.DAOGetTask:
		var task model.Task
		c.read(readTask, object, &task)
		if c.answer == "" {
			c.answer = task.Status.String()
		}
	case sweeper.SQLTaskIDs:
		c.list(c.texts(taskIDs, object))
	case sweeper.SQLTasks:
		ids, _ := c.w.Members(c.s.Ref)
		c.tasks(ids)
	case sweeper.DAOCreateTasks:
		c.createTasks()
	case sweeper.DAOUpdateTask:
		c.within(func() { c.write(c.w.TaskOf(c.s.Ref), c.w.JSON(c.s.Ref)) })
	case sweeper.DAORemoveTask:
		c.removeTask(object)
	}
}

// read reads one row of JSON, or answers that there is none.
func (c *call) read(sql, id string, into any) {
	text, found := c.one(sql, id)
	switch {
	case c.err != nil:
	case !found:
		c.answer = "error not-found"
	default:
		c.err = json.Unmarshal([]byte(text), into)
	}
}

func (c *call) tasks(ids []string) {
	var found []string
	for _, text := range c.texts(readTasks, ids) {
		var t model.Task
		if err := json.Unmarshal([]byte(text), &t); err != nil {
			c.err = err
			return
		}
		found = append(found, string(t.ID))
	}
	c.list(found)
}

func taskKey(t model.Task) string { return t.Ref + strconv.Itoa(t.RetryCount) }

func (c *call) createTasks() {
	var created []string
	texts := c.w.Values(c.s.Ref)
	for i, t := range c.w.TaskList(c.s.Ref) {
		c.within(func() {
			if c.exec(schedule, string(t.WorkflowID), taskKey(t), string(t.ID)) == 1 {
				c.write(t, texts[i])
				created = append(created, string(t.ID))
			}
		})
	}
	c.list(created)
}

// write is updateTask: the row, and that it is its workflow's.
func (c *call) write(t model.Task, text string) {
	c.exec(upsertTask, string(t.ID), text)
	c.exec(mapTask, string(t.WorkflowID), string(t.ID))
}

func (c *call) removeTask(id string) {
	text, found := c.one(readTask, id)
	if !found {
		return
	}
	var t model.Task
	if c.err = json.Unmarshal([]byte(text), &t); c.err != nil {
		return
	}
	c.within(func() {
		c.exec(unschedule, string(t.WorkflowID), taskKey(t))
		c.exec(unmapTask, string(t.WorkflowID), id)
		c.exec(deleteTask, id)
	})
}
