package io.thezone.benchmark;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Reads figures of the JVM of another process. */
final class Jvm implements AutoCloseable {
    private final JMXConnector connector;

    private Jvm(JMXConnector connector) {
        this.connector = connector;
    }

    @SuppressWarnings("BanJNDI") // The address comes from a process that we started.
    static Jvm of(Server server) throws IOException, AttachNotSupportedException {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(server.pid()));
        try {
            return new Jvm(JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
        } finally {
            machine.detach();
        }
    }

    /** @return the bytes that the live threads have allocated so far */
    long allocated() throws IOException {
        ThreadMXBean threads =
                ManagementFactory.getPlatformMXBean(connector.getMBeanServerConnection(), ThreadMXBean.class);
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    /** @return the bytes of heap in use after a full collection */
    long heapUsed() throws IOException {
        java.lang.management.MemoryMXBean memory = ManagementFactory.getPlatformMXBean(
                connector.getMBeanServerConnection(), java.lang.management.MemoryMXBean.class);
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
