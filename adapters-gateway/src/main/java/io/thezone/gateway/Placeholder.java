package io.thezone.gateway;

import com.google.re2j.Pattern;

/**
 * Recognizes what a gateway sends in place of a value that it does not have: the name of its variable, or a word for nothing. As a
 * session id it would be one session that all anonymous viewers share.
 */
public final class Placeholder {
    private static final Pattern UNFILLED = Pattern.compile(
            "\\$?\\{[^{}]*\\}" // {http.request.cookie.sid}, ${sid}
                    + "|\\$[A-Za-z_]\\w*" // $cookie_sid
                    + "|%\\[.*\\]" // %[req.cook(sid)]
                    + "|%\\{.*\\}[a-z]" // %{SID}e
                    + "|%\\w+(\\(\\w*\\))?%" // %REQ(sid)%
                    + "|\\(null\\)|null|undefined|-|");

    /** The characters with which a placeholder begins: most values begin with another. */
    private static final String FIRST = "${%(nu-";

    private Placeholder() {}

    public static boolean is(String value) {
        return value.isEmpty() || (FIRST.indexOf(value.charAt(0)) >= 0 && UNFILLED.matches(value));
    }
}
