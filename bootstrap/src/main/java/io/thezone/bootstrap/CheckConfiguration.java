package io.thezone.bootstrap;

import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code check config.yml}: Dropwizard's command, which also reads the file of plans and prints the result in one line. */
final class CheckConfiguration extends CheckCommand<StreamServiceConfiguration> {
    CheckConfiguration(StreamServiceApplication application) {
        super(application);
    }

    @Override
    protected void run(
            Bootstrap<StreamServiceConfiguration> bootstrap,
            Namespace namespace,
            StreamServiceConfiguration configuration)
            throws Exception {
        configuration.quota().toPlans();
        super.run(bootstrap, namespace, configuration);
        String file = namespace.getString("file");
        System.out.println(
                "thezone: " + (file == null ? StreamServiceConfigurationFactory.SHIPPED : file) + " is valid");
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        CommandFailure.report(this, cli, failure);
    }
}
