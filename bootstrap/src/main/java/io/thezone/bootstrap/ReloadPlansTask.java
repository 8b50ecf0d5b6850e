package io.thezone.bootstrap;

import io.dropwizard.servlets.tasks.Task;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** {@code POST /tasks/reload-plans} on the admin port: reads the file of plans, and answers 400 with the reason if that fails. */
final class ReloadPlansTask extends Task {
    private final PlansInForce plans;

    ReloadPlansTask(PlansInForce plans) {
        super("reload-plans", "text/plain");
        this.plans = plans;
    }

    @Override
    public void execute(Map<String, List<String>> parameters, PrintWriter output) {
        plans.reload();
        output.println("in force: " + String.join(", ", plans.get().names()));
        plans.get().warnings().forEach(output::println);
    }
}
