package io.thezone.bootstrap;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The commands, by their whole names: the parser takes any beginning of one, and {@code db drop} for {@code db drop-all}. */
final class CommandNames {
    private CommandNames() {}

    /**
     * @param commands that there are
     * @return what is wrong with the names that a command line begins with
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
