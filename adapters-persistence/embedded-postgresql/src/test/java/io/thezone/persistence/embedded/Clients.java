package io.thezone.persistence.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Connects to the server of a data directory by its service file, as {@code psql} does. */
final class Clients {
    private Clients() {}

    static Properties service(Path data) throws IOException {
        Properties service = new Properties();
        try (Reader file = Files.newBufferedReader(data.resolve("pg_service.conf"))) {
            service.load(file);
        }
        return service;
    }

    static Connection connect(Path data) throws IOException, SQLException {
        Properties service = service(data);
        return connect(data, service.getProperty("user"), service.getProperty("password"));
    }

    static Connection connect(Path data, String user, String password) throws IOException, SQLException {
        Properties service = service(data);
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%s/%s"
                        .formatted(
                                service.getProperty("host"),
                                service.getProperty("port"),
                                service.getProperty("dbname")),
                user,
                password);
    }

    static String ask(Path data, String question) throws IOException, SQLException {
        try (Connection connection = connect(data);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(question)) {
            assertTrue(rows.next());
            return rows.getString(1);
        }
    }

    static void run(Path data, String... statements) throws IOException, SQLException {
        try (Connection connection = connect(data)) {
            run(connection, statements);
        }
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
