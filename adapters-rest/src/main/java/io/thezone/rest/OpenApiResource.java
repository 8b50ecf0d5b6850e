package io.thezone.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import io.thezone.gateway.HeaderNames;
import io.thezone.rest.edge.Answer;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/** The description of this API (OpenAPI 3.1), with the header names of this installation. */
@Path("openapi.yaml")
public final class OpenApiResource {
    /** RFC 9512. */
    private static final HttpField YAML = new HttpField(HttpHeader.CONTENT_TYPE, "application/yaml");

    /** The lines about the header with the viewer's own limit, which most installations do not read. */
    private static final Pattern LIMIT = Pattern.compile("(?m)^.*(\\{limit}|parameters/limit').*\n");

    private final String description;

    OpenApiResource(HeaderNames names, String planHeader, Optional<String> limitHeader) {
        try {
            String written = Resources.toString(Resources.getResource(OpenApiResource.class, "openapi.yaml"), UTF_8);
            description = (limitHeader.isPresent()
                            ? written
                            : LIMIT.matcher(written).replaceAll(""))
                    .replace("{session}", names.session())
                    .replace("{stream}", names.stream())
                    .replace("{expires}", names.expires())
                    .replace("{heartbeat}", names.heartbeat())
                    .replace("{decision}", names.decision())
                    .replace("{reason}", names.reason())
                    .replace("{rule}", names.rule())
                    .replace("{idempotency}", names.idempotency())
                    .replace("{plan}", planHeader)
                    .replace("{limit}", limitHeader.orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @GET
    public Answer description() {
        return Answer.of(Response.Status.OK.getStatusCode(), YAML, description);
    }
}
