package io.thezone.benchmark;

import java.util.List;
import java.util.Locale;

/** Draws medians as bars, with a line from the minimum to the maximum, as SVG. */
final class Plot {
    private static final int LEFT = 260;
    private static final int WIDTH = 440;
    private static final int ROW = 22;
    private static final int TOP = 40;
    private static final int RIGHT = 70;

    /** @param strong whether the bar is emphasised */
    record Bar(String name, Spread value, boolean strong) {}

    private Plot() {}

    /** @param title explains a bar of length 1 */
    static String of(String title, List<Bar> bars) {
        double most = Math.max(
                1, bars.stream().mapToDouble(bar -> bar.value().max()).max().orElse(1));
        int height = TOP + bars.size() * ROW + 12;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                <text x="12" y="22" font-size="14" fill="#222222">%s</text>
                """,
                LEFT + WIDTH + RIGHT,
                height,
                title));
        for (int i = 0; i < bars.size(); i++) {
            svg.append(row(bars.get(i), TOP + i * ROW, WIDTH / most));
        }
        double one = LEFT + WIDTH / most;
        return svg.append(String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#222222\" stroke-dasharray=\"3 3\"/>%n</svg>%n",
                        one,
                        one,
                        TOP,
                        height - 12))
                .toString();
    }

    private static String row(Bar bar, int y, double scale) {
        int middle = y + ROW / 2;
        return String.format(
                Locale.ROOT,
                """
                <text x="%d" y="%d" text-anchor="end" fill="#222222">%s</text>
                <rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>
                <line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#222222"/>
                <text x="%.1f" y="%d" fill="#222222">%.2f</text>
                """,
                LEFT - 8,
                middle + 4,
                bar.name(),
                LEFT,
                y + 3,
                bar.value().median() * scale,
                ROW - 6,
                bar.strong() ? "#2b6cb0" : "#a0aec0",
                LEFT + bar.value().min() * scale,
                LEFT + bar.value().max() * scale,
                middle,
                middle,
                LEFT + bar.value().max() * scale + 6,
                middle + 4,
                bar.value().median());
    }
}
