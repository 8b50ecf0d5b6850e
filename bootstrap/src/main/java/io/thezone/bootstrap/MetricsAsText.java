package io.thezone.bootstrap;

import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** Answers in text also where Protocol Buffers are preferred, whose writer the jar does not carry. */
final class MetricsAsText extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final PrometheusMetricsServlet metrics;

    MetricsAsText(PrometheusRegistry registry) {
        this.metrics = new PrometheusMetricsServlet(registry);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        metrics.service(new OfText(request), response);
    }

    private static final class OfText extends HttpServletRequestWrapper {
        OfText(HttpServletRequest request) {
            super(request);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            List<String> values = Collections.list(super.getHeaders(name));
            values.removeIf(value -> name.equals("Accept") && value.contains("protobuf"));
            return Collections.enumeration(values);
        }
    }
}
