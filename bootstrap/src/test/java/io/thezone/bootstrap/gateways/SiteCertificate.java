package io.thezone.bootstrap.gateways;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1 that it signed itself. */
final class SiteCertificate {
    private static final String PASSWORD = "changeit";

    private final KeyStore store;

    /** @param directory an empty one for its files */
    SiteCertificate(Path directory) throws Exception {
        Path file = directory.resolve("site.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "site",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
        if (keytool.waitFor() != 0) {
            throw new AssertionError(output);
        }
        store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    /** Writes certificate and key into one file, as gateways read them. */
    void writeTo(Path pem) throws IOException, GeneralSecurityException {
        Files.writeString(
                pem,
                block("CERTIFICATE", store.getCertificate("site").getEncoded())
                        + block(
                                "PRIVATE KEY",
                                store.getKey("site", PASSWORD.toCharArray()).getEncoded()));
    }

    /** Trusts this certificate alone. */
    SSLContext trusted() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("site", store.getCertificate("site"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static String block(String kind, byte[] contents) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(contents)
                + "\n-----END " + kind + "-----\n";
    }
}
