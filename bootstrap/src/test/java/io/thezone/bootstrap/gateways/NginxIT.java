package io.thezone.bootstrap.gateways;

import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "isInstalled", disabledReason = "there is no nginx")
class NginxIT extends GatewayCases {
    private static final Gateway.Shipped NGINX = new Gateway.Shipped(
            "nginx",
            List.of("nginx.conf"),
            List.of("nginx", "-p", ".", "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"));

    NginxIT() {
        super(NGINX);
    }

    static boolean isInstalled() {
        return NGINX.isInstalled();
    }
}
