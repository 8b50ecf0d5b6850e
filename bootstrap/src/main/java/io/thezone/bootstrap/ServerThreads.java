package io.thezone.bootstrap;

import io.dropwizard.lifecycle.ServerLifecycleListener;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Server;

/** Runs tasks on the threads of the web server, or before it has started, on the calling thread. */
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
