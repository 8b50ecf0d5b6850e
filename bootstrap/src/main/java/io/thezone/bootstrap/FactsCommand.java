package io.thezone.bootstrap;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.thezone.persistence.spi.SharedFacts;
import net.sourceforge.argparse4j.inf.Namespace;
import org.eclipse.jetty.util.component.ContainerLifeCycle;

/** A command that changes a shared fact in the configured store, and prints in one line what it did. */
abstract class FactsCommand extends ConfiguredCommand<StreamServiceConfiguration> {
    FactsCommand(String name, String description) {
        super(name, description);
    }

    /** @return a sentence for the operator that says what was done */
    abstract String run(Namespace namespace, StreamServiceConfiguration configuration, SharedFacts facts);

    @Override
    protected void run(
            Bootstrap<StreamServiceConfiguration> bootstrap,
            Namespace namespace,
            StreamServiceConfiguration configuration)
            throws Exception {
        Environment environment = new Environment(getName());
        SharedFacts facts = configuration
                .store()
                .build(environment)
                .facts()
                .orElseThrow(() -> new IllegalStateException(
                        "the configured store ends with its node, so that there is nothing to agree on (STORE_TYPE)"));
        ContainerLifeCycle opened = new ContainerLifeCycle();
        environment.lifecycle().attach(opened);
        opened.start();
        try {
            System.out.println("thezone: " + run(namespace, configuration, facts));
        } finally {
            opened.stop();
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        CommandFailure.report(this, cli, failure);
    }
}
