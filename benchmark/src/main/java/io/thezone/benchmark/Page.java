package io.thezone.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the section of a benchmark in docs/performance.md, between markers. */
record Page(Path file) {
    static Page of(Path root) {
        return new Page(root.resolve("docs/performance.md"));
    }

    /** @throws IllegalStateException if the page has no such section */
    void write(String section, String text) throws IOException {
        String page = Files.readString(file);
        String begin = "<!-- " + section + ": written by benchmark/ -->\n";
        String end = "<!-- end of " + section + " -->\n";
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException(file + " has no section " + section);
        }
        Files.writeString(file, page.substring(0, from + begin.length()) + "\n" + text + "\n" + page.substring(to));
    }
}
