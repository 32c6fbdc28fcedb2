package report

// The objects of SARIF 2.1.0 that are written, in the standard's own names.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool          sarifTool                `json:"tool"`
	Invocations   []sarifInvocation        `json:"invocations"`
	Details       sarifDetails             `json:"automationDetails"`
	OriginalBases map[string]sarifBase     `json:"originalUriBaseIds"`
	Results       []sarifResult            `json:"results"`
	Properties    map[string]sarifVerdicts `json:"properties"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name          string      `json:"name"`
	Version       string      `json:"version,omitempty"`
	About         sarifText   `json:"shortDescription"`
	Address       string      `json:"informationUri,omitempty"`
	Rules         []sarifRule `json:"rules"`
	Notifications []sarifRule `json:"notifications"`
}

type sarifRule struct {
	ID      string           `json:"id"`
	Short   sarifText        `json:"shortDescription"`
	Full    *sarifText       `json:"fullDescription,omitempty"`
	Help    *sarifText       `json:"help,omitempty"`
	HelpURI string           `json:"helpUri,omitempty"`
	Default *sarifDefault    `json:"defaultConfiguration,omitempty"`
	Tags    *sarifProperties `json:"properties,omitempty"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

type sarifProperties struct {
	Tags []string `json:"tags"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Descriptor sarifReference `json:"descriptor"`
	Level      string         `json:"level"`
	Message    sarifText      `json:"message"`
}

type sarifReference struct {
	ID    string `json:"id"`
	Index int    `json:"index"`
}

type sarifDetails struct {
	ID string `json:"id"`
}

type sarifBase struct {
	Description sarifText `json:"description"`
}

// sarifVerdicts counts the cases of a run by what they came to.
type sarifVerdicts struct {
	OK            int `json:"ok"`
	Violation     int `json:"violation"`
	Unknown       int `json:"unknown"`
	NotApplicable int `json:"notApplicable"`
}

type sarifResult struct {
	Rule         string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Related      []sarifLocation   `json:"relatedLocations,omitempty"`
	CodeFlows    []sarifCodeFlow   `json:"codeFlows,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Properties   resultProperties  `json:"properties"`
}

// resultProperties are what of a finding has no place of its own in SARIF.
type resultProperties struct {
	Verdict  string `json:"verdict"`
	Severity string `json:"severity,omitempty"`
	Object   string `json:"object,omitempty"`
	Scenario string `json:"scenario,omitempty"`
	Engine   string `json:"engine,omitempty"`
	Lock     string `json:"lock,omitempty"`
	Queue    string `json:"queue,omitempty"`
	Store    string `json:"store,omitempty"`
	Scope    string `json:"scope,omitempty"`
	Schedule string `json:"schedule,omitempty"`
	Replay   string `json:"replay,omitempty"`
}

type sarifLocation struct {
	ID       int            `json:"id,omitempty"`
	Physical *sarifPhysical `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifText     `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

type sarifCodeFlow struct {
	Message     sarifText         `json:"message"`
	ThreadFlows []sarifThreadFlow `json:"threadFlows"`
}

type sarifThreadFlow struct {
	ID        string                    `json:"id"`
	Locations []sarifThreadFlowLocation `json:"locations"`
}

type sarifThreadFlowLocation struct {
	Location   sarifLocation `json:"location"`
	Order      int           `json:"executionOrder"`
	Importance string        `json:"importance"`
}
