package io.thezone.bootstrap.gateways;

import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "isInstalled", disabledReason = "there is no Varnish")
class VarnishIT extends GatewayCases {
    /** The directory has to be absolute, or it lies in that of all Varnishes. */
    private static final String COMMAND =
            "exec varnishd -F -n \"$PWD\" -f \"$PWD/varnish.vcl\" -a 127.0.0.1:8080 -T none"
                    + " -p http_req_hdr_len=32k -p http_req_size=64k -p workspace_client=192k -p workspace_backend=192k";

    VarnishIT() {
        super(new Gateway.Shipped("varnish", List.of("varnish.vcl"), List.of("sh", "-c", COMMAND)));
    }

    static boolean isInstalled() {
        return new Gateway.Shipped("varnish", List.of(), List.of("varnishd")).isInstalled();
    }

    @Override
    String typeOfLongHeaders() {
        return "";
    }

    @Override
    int statusOfUnknownLength() {
        return 411;
    }

    @Override
    boolean normalizesPaths() {
        return false;
    }

    @Override
    boolean passesWebsockets() {
        return false;
    }
}
