package io.thezone.rest.edge;

import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;

/**
 * Normalizes a path before any other handler reads it: percent-encoded letters and digits are decoded, dot segments are resolved
 * (RFC 3986, section 6.2.2), parameters and a slash at the end are dropped. Jetty has already refused paths that can be read in two
 * ways, such as an encoded slash or an empty segment.
 */
final class PlainPath extends Handler.Wrapper {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HttpURI uri = request.getHttpURI();
        String path = uri.getPath();
        if (isPlain(path, uri.getCanonicalPath())) {
            return super.handle(request, response, callback);
        }
        String plain = URIUtil.encodePath(uri.getCanonicalPath()).replaceFirst("(?<=.)/$", "");
        HttpURI same = HttpURI.build(uri, plain, null, uri.getQuery()).asImmutable();
        return super.handle(new Spelled(request, same), response, callback);
    }

    private static boolean isPlain(String path, String canonical) {
        return path.equals(canonical) && path.indexOf('%') < 0 && !path.endsWith("/");
    }

    private static final class Spelled extends Request.Wrapper {
        private final HttpURI uri;

        Spelled(Request request, HttpURI uri) {
            super(request);
            this.uri = uri;
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }
    }
}
