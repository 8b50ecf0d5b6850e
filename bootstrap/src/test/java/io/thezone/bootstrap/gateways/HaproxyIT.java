package io.thezone.bootstrap.gateways;

import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "isInstalled", disabledReason = "there is no haproxy")
class HaproxyIT extends GatewayCases {
    private static final Gateway.Shipped HAPROXY = new Gateway.Shipped(
            "haproxy", List.of("haproxy.cfg", "thezone.lua"), List.of("haproxy", "-db", "-f", "haproxy.cfg"));

    HaproxyIT() {
        super(HAPROXY);
    }

    static boolean isInstalled() {
        return HAPROXY.isInstalled();
    }

    @Override
    boolean normalizesPaths() {
        return false;
    }
}
