package io.thezone.rest;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.thezone.domain.Lease;
import io.thezone.domain.QuotaRule;
import io.thezone.domain.Reclaim;
import io.thezone.domain.StreamQuota;
import io.thezone.gateway.RefusalLog;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.problem.Problem;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /decisions/{id}} on the admin port: why a stream was refused. */
final class DecisionServlet extends HttpServlet {
    static final String PATH = "/decisions/*";

    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final transient RefusalLog refusals;
    private final transient Lease lease;

    DecisionServlet(RefusalLog refusals, Lease lease) {
        this.refusals = refusals;
        this.lease = lease;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        Optional<RefusalLog.Entry> entry =
                path == null ? Optional.empty() : refusals.find(path.substring(Math.min(1, path.length())));
        response.setHeader(Answer.NO_STORE.getName(), Answer.NO_STORE.getValue());
        if (entry.isPresent()) {
            send(response, 200, "application/json", Decision.of(entry.get(), lease));
        } else {
            send(
                    response,
                    404,
                    Problem.MEDIA_TYPE,
                    Problem.of(
                            Response.Status.NOT_FOUND,
                            "This node knows no such decision: another node took it, or it is forgotten."));
        }
    }

    private static void send(HttpServletResponse response, int status, String type, Object body) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.getOutputStream().write(JSON.writeValueAsBytes(body));
    }

    /** @param decidedAt by the store's clock */
    private record Decision(String decisionId, String decidedAt, String outcome, Plan plan, Exhausted rule) {
        static Decision of(RefusalLog.Entry entry, Lease lease) {
            return new Decision(
                    entry.id(),
                    entry.decidedAt().toString(),
                    "refused",
                    Plan.of(entry.plan()),
                    new Exhausted(
                            entry.rule(),
                            entry.limit(),
                            entry.count(),
                            entry.streams().stream()
                                    .map(stream -> StreamView.listed(stream, lease, entry.decidedAt()))
                                    .toList()));
        }
    }

    /** The rule that had no room, the number of streams that counted against it, and the oldest of them. */
    private record Exhausted(String name, int limit, int count, List<StreamView> streams) {}

    private record Plan(
            String name,
            int limit,
            String whenFull,
            List<String> devicePriority,
            Object reclaimSameDevice,
            List<Rule> rules) {
        static Plan of(StreamQuota quota) {
            return new Plan(
                    quota.name(),
                    quota.limit(),
                    quota.whenFull().spelling(),
                    quota.devicePriority(),
                    reclaimed(quota.reclaimSameDevice()),
                    quota.rules().stream().map(Rule::of).toList());
        }

        /** Returns the value as YAML reads it: two of them are no text. */
        private static Object reclaimed(Reclaim reclaim) {
            return reclaim == Reclaim.ANY_ASSET ? reclaim.spelling() : reclaim == Reclaim.SAME_ASSET;
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Rule(
            String name,
            int limit,
            Map<String, Set<String>> where,
            Map<String, Set<String>> whereNot,
            @Nullable String per,
            @Nullable String distinct,
            boolean required) {
        static Rule of(QuotaRule rule) {
            return new Rule(
                    rule.name(),
                    rule.limit(),
                    conditions(rule, false),
                    conditions(rule, true),
                    rule.per().orElse(null),
                    rule.distinct().orElse(null),
                    rule.required());
        }

        private static Map<String, Set<String>> conditions(QuotaRule rule, boolean negated) {
            return rule.where().stream()
                    .filter(condition -> condition.negated() == negated)
                    .collect(toMap(QuotaRule.Condition::attribute, QuotaRule.Condition::values));
        }
    }
}
