package io.thezone.bootstrap.gateways;

import java.util.List;

class NginxIT extends GatewayCases {
    NginxIT() {
        super(new Gateway.Shipped(
                "nginx",
                "nginx.conf",
                List.of("nginx", "-p", ".", "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;")));
    }
}
