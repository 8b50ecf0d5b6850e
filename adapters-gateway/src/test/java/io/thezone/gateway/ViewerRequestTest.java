package io.thezone.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where values stand in a viewer's request. */
class ViewerRequestTest {
    @Test
    void parametersAreDecoded() {
        assertEquals(List.of("a b", "a+b", ""), at(Source.Kind.QUERY, "p", "/x?p=a+b&q=1&%70=a%2Bb&p=&p&pp=2"));
        assertEquals(List.of(), at(Source.Kind.QUERY, "p", "/x/p=1"));
        assertEquals(List.of("1"), at(Source.Kind.QUERY, "p", "/x?p=%zz&p=1&%zz=2"));
    }

    @Test
    void cmcdTextsAreFoundInHeaderAndQueryButNotInsideOfOtherTexts() {
        assertEquals(
                List.of("one", "two"),
                at(
                        Source.Kind.CMCD,
                        "sid",
                        "/x?CMCD=cid%3D%22two%22%2Csid%3D%22two%22",
                        "CMCD-Session: cid=\"a,sid=\\\"no\\\"\", sid=\"one\",xsid=\"no\",st=v"));
        assertEquals(List.of(), at(Source.Kind.CMCD, "sid", "", "CMCD-Session: sid=one"));
    }

    @Test
    void theFirstPatternWithTheGroupThatMatchesCounts() {
        assertEquals(List.of("seven"), at(Source.Kind.GROUP, "id", "/b/seven?x"));
        assertEquals(List.of("eight"), at(Source.Kind.GROUP, "id", "/a/eight"));
        assertEquals(List.of(), at(Source.Kind.GROUP, "id", "/c/nine"));
    }

    private static List<String> at(Source.Kind kind, String name, String uri, String... headers) {
        return new ViewerRequest(
                        new Question("GET", "", headers),
                        uri,
                        List.of(
                                IdentityRules.pattern("^/a/(?P<id>\\w+)"),
                                IdentityRules.pattern("^/z/(?P<other>\\w+)"),
                                IdentityRules.pattern("^/b/(?P<id>\\w+)")),
                        Map.of(name, ViewerRequest.cmcdKey(name)))
                .at(new Source(kind, name));
    }
}
