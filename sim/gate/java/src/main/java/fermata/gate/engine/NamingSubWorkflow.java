package fermata.gate.engine;

import com.netflix.conductor.core.execution.WorkflowExecutor;
import com.netflix.conductor.core.execution.tasks.WorkflowSystemTask;
import com.netflix.conductor.model.TaskModel;
import com.netflix.conductor.model.WorkflowModel;
import java.util.Optional;

/** The released SubWorkflow, which tells whose sub-workflow the id is for that its start asks for. */
final class NamingSubWorkflow extends WorkflowSystemTask {
    private final WorkflowSystemTask released;

    NamingSubWorkflow(WorkflowSystemTask released) {
        super(released.getTaskType());
        this.released = released;
    }

    @Override
    public void start(WorkflowModel workflow, TaskModel task, WorkflowExecutor executor) {
        Ids.starts(task);
        try {
            released.start(workflow, task, executor);
        } finally {
            Ids.starts(null);
        }
    }

    @Override
    public boolean execute(WorkflowModel workflow, TaskModel task, WorkflowExecutor executor) {
        Ids.starts(task); // since 3.30.0 it may start what has not been started
        try {
            return released.execute(workflow, task, executor);
        } finally {
            Ids.starts(null);
        }
    }

    @Override
    public void cancel(WorkflowModel workflow, TaskModel task, WorkflowExecutor executor) {
        released.cancel(workflow, task, executor);
    }

    @Override
    public Optional<Long> getEvaluationOffset(TaskModel task, long defaultOffset) {
        return released.getEvaluationOffset(task, defaultOffset);
    }

    @Override
    public boolean isAsync() {
        return released.isAsync();
    }

    @Override
    public boolean isAsyncComplete(TaskModel task) {
        return released.isAsyncComplete(task);
    }

    @Override
    public boolean isTaskRetrievalRequired() {
        return released.isTaskRetrievalRequired();
    }
}
