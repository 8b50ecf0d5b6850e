package io.thezone.bootstrap.gateways;

import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "isInstalled", disabledReason = "there is no caddy")
class CaddyIT extends GatewayCases {
    private static final Gateway.Shipped CADDY =
            new Gateway.Shipped("caddy", List.of("Caddyfile"), List.of("caddy", "run", "--config", "Caddyfile"));

    CaddyIT() {
        super(CADDY);
    }

    static boolean isInstalled() {
        return CADDY.isInstalled();
    }

    @Override
    boolean normalizesPaths() {
        return false;
    }

    @Override
    int statusOfLongHeaders() {
        return 431;
    }

    @Override
    String typeOfLongHeaders() {
        return "text/plain; charset=utf-8";
    }
}
