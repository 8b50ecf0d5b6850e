package io.thezone.bootstrap.gateways;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "isInstalled", disabledReason = "there is no Apache, or no LuaSocket")
class ApacheIT extends GatewayCases {
    private static final Path LUA_SOCKET = Path.of("/usr/share/lua/5.3/socket.lua");
    private static final Gateway.Shipped APACHE = new Gateway.Shipped(
            "apache",
            List.of("apache.conf", "authorize.lua"),
            List.of("apache2", "-d", ".", "-f", "apache.conf", "-D", "FOREGROUND"));

    ApacheIT() {
        super(APACHE);
    }

    static boolean isInstalled() {
        return APACHE.isInstalled() && Files.exists(LUA_SOCKET);
    }
}
