package io.thezone.rest.edge;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;

/** Makes Jersey write the {@link Answer} that a resource or a mapper returned, as {@link FastPath} writes it. */
final class AnswerFilter implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        MultivaluedMap<String, Object> headers = response.getHeaders();
        if (response.getEntity() instanceof Answer answer) {
            response.setStatus(answer.status());
            response.setEntity(answer.entity());
            // Jersey has chosen one for an entity of this class.
            headers.remove(HttpHeaders.CONTENT_TYPE);
            answer.headers().forEach(header -> headers.add(header.getName(), header.getValue()));
        }
        // Only routes past Jersey have answers that may be cached.
        headers.putSingle(HttpHeaders.CACHE_CONTROL, Answer.NO_STORE.getValue());
    }
}
