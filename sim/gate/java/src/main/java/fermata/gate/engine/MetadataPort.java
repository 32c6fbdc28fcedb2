package fermata.gate.engine;

import java.util.Optional;

/** com.netflix.conductor.dao.MetadataDAO: constant data. */
final class MetadataPort implements Ports.Port {
    private final Records records;

    MetadataPort(Records records) {
        this.records = records;
    }

    @Override
    public Object call(String name, Object[] a) {
        switch (name) {
            case "getWorkflowDef2":
            case "getLatestWorkflowDef1":
                return Optional.ofNullable(records.definition((String) a[0]));
            case "getTaskDef1":
                return null; // definitions of tasks are embedded in those of workflows
            default:
                return Ports.UNLISTED;
        }
    }
}
