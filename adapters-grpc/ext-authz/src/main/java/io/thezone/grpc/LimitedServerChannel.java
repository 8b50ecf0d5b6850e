package io.thezone.grpc;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Limits the number of connections; a connection beyond the limit is closed as soon as it is accepted. */
final class LimitedServerChannel extends NioServerSocketChannel {
    private final int limit;
    private final AtomicInteger connections = new AtomicInteger();

    LimitedServerChannel(int limit) {
        this.limit = limit;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int known = accepted.size();
        super.doReadMessages(accepted);
        for (Iterator<Object> added = accepted.listIterator(known); added.hasNext(); ) {
            Channel connection = (Channel) added.next();
            if (connections.incrementAndGet() > limit) {
                connections.decrementAndGet();
                connection.unsafe().closeForcibly();
                added.remove();
            } else {
                connection.closeFuture().addListener(closed -> connections.decrementAndGet());
            }
        }
        return accepted.size() - known;
    }
}
