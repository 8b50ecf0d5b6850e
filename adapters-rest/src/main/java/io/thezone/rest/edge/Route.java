package io.thezone.rest.edge;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A method and a path that a resource answers, to Jersey and past it. */
public final class Route {
    private static final String ID = "{id}";

    private static final String ANY_METHOD = "";

    /** What an answer depends on besides the path and the headers. */
    public enum Reads {
        /** Method and headers only, whatever else was sent. Jersey does not know the route. */
        HEADERS,
        NOTHING,
        QUERY,
        BODY
    }

    /** Answers a request; the id is that of the path, empty where the path has none. */
    @FunctionalInterface
    public interface Action {
        CompletionStage<Answer> answer(ReceivedRequest request, String id);
    }

    private final String method;
    private final String path;
    private final Reads reads;
    private final Action action;
    private final boolean hasId;
    private final String beforeId;
    private final String afterId;

    /** @param path below Jersey's root, as in {@code streams/{id}/heartbeat}; at most one segment is {@code {id}} */
    public Route(String method, String path, Reads reads, Action action) {
        this.method = method;
        this.path = path;
        this.reads = reads;
        this.action = action;
        int id = path.indexOf(ID);
        this.hasId = id >= 0;
        this.beforeId = hasId ? path.substring(0, id) : path;
        this.afterId = hasId ? path.substring(id + ID.length()) : "";
    }

    /** A route that answers every method, and everything below its path; Jersey does not know it. */
    public static Route open(String path, Action action) {
        return new Route(ANY_METHOD, path, Reads.HEADERS, action);
    }

    boolean isOpen() {
        return method.equals(ANY_METHOD);
    }

    String path() {
        return path;
    }

    /** @return the id in the path, empty text where this route has none; nothing if another route is asked for */
    Optional<String> idIn(String method, String path) {
        if (!isOpen() && !method.equals(this.method)) {
            return Optional.empty();
        }
        if (!hasId) {
            return path.equals(beforeId) ? Optional.of("") : Optional.empty();
        }
        int from = beforeId.length();
        int to = path.length() - afterId.length();
        if (to <= from || !path.startsWith(beforeId) || !path.endsWith(afterId)) {
            return Optional.empty();
        }
        String id = path.substring(from, to);
        return id.indexOf('/') < 0 ? Optional.of(id) : Optional.empty();
    }

    Reads reads() {
        return reads;
    }

    Action action() {
        return action;
    }

    @Override
    public String toString() {
        return (isOpen() ? "any method" : method) + " /" + path;
    }
}
