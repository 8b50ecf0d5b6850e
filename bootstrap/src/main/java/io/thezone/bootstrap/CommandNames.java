package io.thezone.bootstrap;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Refuses abbreviated commands: the parser accepts any prefix, so that {@code db drop} would run {@code db drop-all}. */
final class CommandNames {
    private CommandNames() {}

    /**
     * Checks the names at the beginning of a command line.
     *
     * @param commands the names of all commands
     * @return what is wrong with them, or nothing
     */
    static Optional<String> mistake(Set<String> commands, String... arguments) {
        Optional<String> mistake = unknown("", commands, 0, arguments);
        return mistake.isEmpty() && arguments.length > 0 && arguments[0].equals(DatabaseMigrations.NAME)
                ? unknown(DatabaseMigrations.NAME + " ", DatabaseMigrations.COMMANDS, 1, arguments)
                : mistake;
    }

    private static Optional<String> unknown(String before, Set<String> known, int place, String... arguments) {
        if (place >= arguments.length || arguments[place].startsWith("-") || known.contains(arguments[place])) {
            return Optional.empty();
        }
        return Optional.of("there is no command " + before + arguments[place] + "; there are "
                + String.join(", ", new TreeSet<>(known)));
    }
}
