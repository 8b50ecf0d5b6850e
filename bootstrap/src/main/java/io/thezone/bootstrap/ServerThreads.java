package io.thezone.bootstrap;

import io.dropwizard.lifecycle.ServerLifecycleListener;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Server;

/** The threads of the web server, as soon as there is one; until then the caller's. */
final class ServerThreads implements Executor, ServerLifecycleListener {
    private volatile Executor threads = Runnable::run;

    @Override
    public void serverStarted(Server server) {
        threads = server.getThreadPool();
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }
}
