package io.thezone.bootstrap.gateways;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "isInstalled", disabledReason = "there is no nginx")
class NginxIT extends GatewayCases {
    static final Gateway.Shipped NGINX = new Gateway.Shipped(
            "nginx",
            List.of("nginx.conf"),
            List.of("nginx", "-p", ".", "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"));

    NginxIT() {
        super(NGINX);
    }

    static boolean isInstalled() {
        return NGINX.isInstalled();
    }

    /** It does not go by thezone's word. */
    @Override
    Map<String, String> cachedForASecond() {
        return Map.of("200 10s", "200 1s");
    }
}
