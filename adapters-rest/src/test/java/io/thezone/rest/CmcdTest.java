package io.thezone.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.gateway.testing.MapStore;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Event reports of players hold their streams. */
class CmcdTest {
    private static final String SID = "0123456789abcdef0123456789abcdef";

    /** What the encoders of the published players send, in this order. */
    private enum Player {
        HLS_JS_1_7_4(
                """
                cid="movie, sid=\\"x\\"",e=t,sf=h,sid="0123456789abcdef0123456789abcdef",sn=0,ts=1795830001000,v=2
                cid="movie, sid=\\"x\\"",e=ps,sf=h,sid="0123456789abcdef0123456789abcdef",sn=3,sta=p,ts=1795830004000,v=2
                cid="movie, sid=\\"x\\"",e=t,sf=h,sid="0123456789abcdef0123456789abcdef",sn=4,sta=p,ts=1795830005000,v=2
                cid="movie, sid=\\"x\\"",e=ps,sf=h,sid="0123456789abcdef0123456789abcdef",sn=5,sta=a,ts=1795830006000,v=2
                cid="movie, sid=\\"x\\"",e=ps,sf=h,sid="0123456789abcdef0123456789abcdef",sn=7,sta=e,ts=1795830008000,v=2
                cid="movie, sid=\\"x\\"",e=t,sf=h,sid="0123456789abcdef0123456789abcdef",sn=8,sta=e,ts=1795830009000,v=2
                """),
        DASH_JS_5_2_1(
                """
                cid="movie, sid=\\"x\\"",e=t,sid="0123456789abcdef0123456789abcdef",sn=0,ts=1795830001000,v=2
                bl=(4200),cid="movie, sid=\\"x\\"",e=ps,mtp=(25400),pr=1.25,sf=d,sid="0123456789abcdef0123456789abcdef",sn=1,st=v,sta=p,ts=1795830002000,v=2
                bl=(4200),cid="movie, sid=\\"x\\"",e=t,mtp=(25400),pr=1.25,sf=d,sid="0123456789abcdef0123456789abcdef",sn=2,st=v,sta=p,ts=1795830003000,v=2
                bl=(4200),cid="movie, sid=\\"x\\"",e=ps,mtp=(25400),pr=1.25,sf=d,sid="0123456789abcdef0123456789abcdef",sn=3,st=v,sta=a,ts=1795830004000,v=2
                bl=(4200),cid="movie, sid=\\"x\\"",e=ps,mtp=(25400),pr=1.25,sf=d,sid="0123456789abcdef0123456789abcdef",sn=5,st=v,sta=e,ts=1795830006000,v=2
                bl=(4200),cid="movie, sid=\\"x\\"",e=t,mtp=(25400),pr=1.25,sf=d,sid="0123456789abcdef0123456789abcdef",sn=6,st=v,sta=e,ts=1795830007000,v=2
                """),
        SHAKA_PLAYER_5_2_12(
                """
                cid="movie, sid=\\"x\\"",e=t,sid="0123456789abcdef0123456789abcdef",sn=0,ts=1795830001000,v=2
                bl=(4200),cid="movie, sid=\\"x\\"",e=ps,sf=d,sid="0123456789abcdef0123456789abcdef",sn=2,sta=p,ts=1795830003000,v=2
                bl=(4200),cid="movie, sid=\\"x\\"",e=t,sf=d,sid="0123456789abcdef0123456789abcdef",sn=3,sta=p,ts=1795830004000,v=2
                bl=(4200),cid="movie, sid=\\"x\\"",e=ps,sf=d,sid="0123456789abcdef0123456789abcdef",sn=4,sta=a,ts=1795830005000,v=2
                bl=(4200),cid="movie, sid=\\"x\\"",e=ps,sf=d,sid="0123456789abcdef0123456789abcdef",sn=6,sta=e,ts=1795830007000,v=2
                bl=(4200),cid="movie, sid=\\"x\\"",e=t,sf=d,sid="0123456789abcdef0123456789abcdef",sn=7,sta=e,ts=1795830008000,v=2
                """);

        private final String lines;

        Player(String lines) {
            this.lines = lines;
        }

        String first() {
            return line(0);
        }

        String playing() {
            return line(2);
        }

        String paused() {
            return line(3);
        }

        String ended() {
            return line(4);
        }

        String afterTheEnd() {
            return line(5);
        }

        private String line(int number) {
            return lines.lines().toList().get(number);
        }
    }

    private static final MapStore STORE = new MapStore();

    private static RestService service;

    private final String session = "session-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        service = RestService.over(STORE);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @EnumSource
    void aPlayerThatPlaysOrPausesHoldsItsSlotForThreeLeases(Player player) throws Exception {
        play(SID);
        for (Function<Player, String> line :
                List.<Function<Player, String>>of(Player::first, Player::playing, Player::paused, Player::playing)) {
            STORE.pass(Duration.ofSeconds(80));
            report(line.apply(player));
        }

        assertEquals(1, active());

        STORE.pass(Duration.ofSeconds(91));
        assertEquals(0, active());
    }

    @ParameterizedTest
    @EnumSource
    void aPlayerThatEndsFreesItsSlotAndLaterIntervalsDoNotTakeItAgain(Player player) throws Exception {
        play(SID);
        report(player.ended());
        assertEquals(0, active());

        report(player.afterTheEnd());
        report(player.playing());
        assertEquals(0, active());
    }

    @ParameterizedTest
    @EnumSource
    void ofABatchTheNewestEventCounts(Player player) throws Exception {
        play(SID);
        report(String.join("\n", player.ended(), player.playing()));
        assertEquals(0, active());
    }

    @Test
    void aPlayerThatEndedByItselfMayStartAgain() throws Exception {
        play(SID);
        report(Player.HLS_JS_1_7_4.ended());
        assertEquals(200, play(SID).statusCode());
    }

    @Test
    void aPlayerThatReportsItsEndForHoursMayStartAgain() throws Exception {
        play(SID);
        report(Player.HLS_JS_1_7_4.ended());
        STORE.pass(Duration.ofHours(2));
        report(Player.HLS_JS_1_7_4.afterTheEnd());
        assertEquals(200, play(SID).statusCode());
    }

    @Test
    void aReportStartsNoStream() throws Exception {
        report(Player.HLS_JS_1_7_4.playing());
        assertEquals(0, active());
    }

    @Test
    void aReportOfAnotherSessionChangesNothing() throws Exception {
        play(SID);
        report(Player.HLS_JS_1_7_4.ended(), "another-" + session);
        assertEquals(1, active());
    }

    @Test
    void theStreamsOfABatchAreTakenEachByItself() throws Exception {
        play("one");
        play("two");
        play("three");
        STORE.pass(Duration.ofSeconds(80));
        report("e=t,sid=\"one\",sta=p,ts=1\ne=ps,sid=\"two\",sta=e,ts=1");
        assertEquals(2, active());

        STORE.pass(Duration.ofSeconds(80));
        assertEquals(1, active());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e=ps,sid=\"one\",sta=d,ts=1",
                "e=t,sid=\"one\",sta=f,ts=1",
                "e=m,sid=\"one\",sta=p,ts=1",
                "e=rr,sid=\"one\",sta=e,ts=1",
            })
    void otherEventsNeitherHoldNorEndAStream(String event) throws Exception {
        play("one");
        STORE.pass(Duration.ofSeconds(80));
        report(event);
        assertEquals(1, active());

        STORE.pass(Duration.ofSeconds(11));
        assertEquals(0, active());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e=t,sid=\"o ne\",ts=1",
                "e=t,sid=one,ts=1",
                "e=t,sid=\"\",ts=1",
                "e=t,sid=\",ts=1",
                "e=t,sid=\"one\"",
                "e=t,sid=\"one\",ts=soon",
                "sid=\"one\",ts=1",
                "cid=\"open,e=t,sid=one,ts=1",
                "cid=\"\\\",e=ps,sid=\\\"one\\\",sta=e,ts=1\"",
                "{\"e\":\"t\"}",
                "=,=,\"\\",
                " ,,= ",
            })
    void aLineThatCannotBeReadIsCountedAndTheOthersAreTaken(String line) throws Exception {
        play("one");
        play("two");
        long before = skipped();
        report(line + "\r\n\n" + "e=ps,unknown,x=?1;a,com.example-y=\"\\\"\" , sid=\"two\",sta=e,ts=1\n");

        assertTrue(skipped() > before);
        assertEquals(1, active());
        assertEquals(400, send(line, session).statusCode());
    }

    @Test
    void onlyTheLastLinesOfALongReportAreRead() throws Exception {
        play("one");
        report("e=ps,sid=\"one\",sta=e,ts=2\n" + "e=m,sid=\"one\",ts=1\n".repeat(CmcdReport.MAX_LINES));
        assertEquals(1, active());
    }

    @Test
    void onlySomeStreamsOfAReportAreTaken() throws Exception {
        play("last");
        report(IntStream.range(0, CmcdReport.MAX_STREAMS)
                        .mapToObj(i -> "e=t,sid=\"s" + i + "\",ts=1\n")
                        .collect(Collectors.joining())
                + "e=ps,sid=\"last\",sta=e,ts=1");
        assertEquals(1, active());
    }

    private HttpResponse<String> play(String stream) throws Exception {
        return service.get("/watch", "Session-Id", session, "Stream-Id", stream);
    }

    private void report(String body) throws Exception {
        report(body, session);
    }

    private static void report(String body, String session) throws Exception {
        HttpResponse<String> answer = send(body, session);
        assertEquals(204, answer.statusCode(), answer::body);
    }

    private static HttpResponse<String> send(String body, String session) throws Exception {
        return service.send("POST", "/cmcd", body, "Session-Id", session, "Content-Type", "application/cmcd");
    }

    private int active() throws Exception {
        String streams = service.get("/streams", "Session-Id", session).body();
        return Integer.parseInt(streams.replaceFirst("(?s).*\"active\":(\\d+).*", "$1"));
    }

    private static long skipped() {
        return service.environment()
                .metrics()
                .counter("thezone.cmcd.lines.skipped")
                .getCount();
    }
}
