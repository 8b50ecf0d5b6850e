package io.thezone.persistence.hazelcast;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the listening sockets of this process in /proc/net/tcp (proc(5)). */
final class ListeningSockets {
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

    /** Little-endian hexadecimal words; also IPv4 mapped to IPv6 (RFC 4291, 2.5.5.2), and IPv6 itself. */
    private static final List<String> LOOPBACK =
            List.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

    private static final String TCP_LISTEN = "0A";
    private static final String UDP_UNCONNECTED = "07";

    private ListeningSockets() {}

    /** @return protocol, address and port of each */
    static Set<String> beyondLoopback() throws IOException {
        Set<String> sockets = all();
        sockets.removeIf(socket -> LOOPBACK.contains(socket.split("[ :]", -1)[1]));
        return sockets;
    }

    static Set<String> all() throws IOException {
        Set<String> inodes = inodes();
        Set<String> sockets = new TreeSet<>();
        for (String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
            String waiting = protocol.startsWith("tcp") ? TCP_LISTEN : UDP_UNCONNECTED;
            for (String line : Files.readAllLines(Path.of("/proc/self/net", protocol))) {
                String[] columns = line.strip().split("\\s+", -1);
                if (columns[3].equals(waiting) && inodes.contains(columns[9])) {
                    sockets.add(protocol + " " + columns[1]);
                }
            }
        }
        return sockets;
    }

    private static Set<String> inodes() throws IOException {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : files) {
                try {
                    Matcher matcher =
                            SOCKET.matcher(Files.readSymbolicLink(file).toString());
                    if (matcher.matches()) {
                        inodes.add(matcher.group(1));
                    }
                } catch (NoSuchFileException e) {
                    inodes.remove("closed while we looked");
                }
            }
        }
        return inodes;
    }
}
