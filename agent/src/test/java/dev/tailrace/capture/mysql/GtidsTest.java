package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GtidsTest {
    private static final String A = "aaaaaaaa-0000-0000-0000-000000000001";
    private static final String B = "bbbbbbbb-0000-0000-0000-000000000002";

    /** {@code A} and {@code B} stand for the two servers. */
    private static Gtids gtids(String text) {
        return Gtids.parse(text.replace("A", A).replace("B", B));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A:1-5|A:1-3:4-5",
                "A:1-5|A:1:2:3:4:5",
                "A:1-5|A:3-5,A:1-2",
                "A:1-5|A:1-4:2-5",
                "A:1-3:7|A:7:1-3",
                "A:1-5,B:2|B:2,A:1-5",
                "A:1:tag:1-2|A:tag:2:1,A:1",
                "A:1:tag:1-2:other:3|A:other:3,A:tag:1-2,A:1"
            })
    void isTheSameHoweverItIsWritten(String one, String other) {
        assertThat(gtids(one)).isEqualTo(gtids(other)).hasSameHashCodeAs(gtids(other));
        assertThat(gtids(one).contains(gtids(other))).isTrue();
        assertThat(gtids(other).contains(gtids(one))).isTrue();
    }

    @Test
    void readsWhatTheServerWrites() {
        assertThat(gtids("")).isEqualTo(Gtids.NONE);
        assertThat(gtids("").isEmpty()).isTrue();
        // a long set comes with line breaks, and names are not told apart by case
        assertThat(Gtids.parse(A.toUpperCase(java.util.Locale.ROOT) + ":1-5,\n" + B + ":2"))
                .isEqualTo(gtids("A:1-5,B:2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A:1-5|A:2-4|true",
                "A:1-5|A:5|true",
                "A:1-5|A:6|false",
                "A:1-5|A:4-6|false",
                "A:2-5|A:1|false",
                "A:1-3:5-9|A:3-5|false",
                "A:1-3:5-9|A:1:9|true",
                "A:1-5,B:1|B:1|true",
                "A:1-5|B:1|false",
                "A:1-5|A:1-5,B:1|false",
                "A:1-5|A:tag:1|false",
                "A:tag:1-5|A:1|false",
                "A:1-5:tag:1-3|A:2:tag:3|true",
                "A:1-9223372036854775806|A:9223372036854775806|true"
            })
    void containsWhatLiesInOneOfItsIntervals(String set, String other, boolean contained) {
        assertThat(gtids(set).contains(gtids(other))).isEqualTo(contained);
        assertThat(gtids(set).contains(Gtids.NONE)).isTrue();
        assertThat(Gtids.NONE.contains(gtids(other))).isFalse();
    }

    @Test
    void isJoinedWithAnother() {
        assertThat(gtids("A:1-5").with(gtids("A:6"))).isEqualTo(gtids("A:1-6"));
        assertThat(gtids("A:1-5:9").with(gtids("A:7,B:1:t:4"))).isEqualTo(gtids("A:1-5:7:9,B:1,B:t:4"));
        assertThat(Gtids.NONE.with(gtids("A:1"))).isEqualTo(gtids("A:1"));
        assertThat(gtids("A:1").with(Gtids.NONE)).isEqualTo(gtids("A:1"));
    }

    /** Read as nothing, a set that was not understood would hide a gap. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "A:",
                "A::5",
                "A:5-",
                "A:-5",
                "A:7-5",
                "A:0",
                "A:1-2-3",
                "A:tag",
                "A:1:tag",
                "A:t!g:1",
                "x:1",
                "file=binlog.000001,pos=4",
                "A:1;B:1",
                "A:99999999999999999999"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> gtids(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
