package io.thezone.bootstrap;

import static java.util.stream.Collectors.toMap;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.servlets.tasks.Task;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/**
 * {@code POST /tasks/{name}} on the admin port: answers 400 when a task refuses a request. Dropwizard's own servlet, which serves
 * the other tasks, answers every exception with 500.
 */
final class TaskEndpoint extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Task task;

    private TaskEndpoint(Task task) {
        this.task = task;
    }

    /** @param task refuses a request by an IllegalArgumentException or IllegalStateException, whose message becomes the answer */
    static void register(Task task, Environment environment) {
        environment.admin().addServlet(task.getName(), new TaskEndpoint(task)).addMapping("/tasks/" + task.getName());
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, List<String>> parameters = request.getParameterMap().entrySet().stream()
                .collect(toMap(Map.Entry::getKey, parameter -> List.of(parameter.getValue())));
        StringWriter output = new StringWriter();
        int status = HttpServletResponse.SC_OK;
        try {
            task.execute(parameters, new PrintWriter(output, true));
        } catch (IllegalArgumentException | IllegalStateException refusal) {
            status = HttpServletResponse.SC_BAD_REQUEST;
            output.append(refusal.getMessage()).append(System.lineSeparator());
        } catch (Exception failure) {
            throw new IOException(task.getName() + " failed", failure);
        }
        response.setStatus(status);
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().write(output.toString());
    }
}
