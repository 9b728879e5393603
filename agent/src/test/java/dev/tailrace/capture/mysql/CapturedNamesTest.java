package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapturedNamesTest {
    @Test
    void comparesAsTheServerDoes() {
        CapturedNames exact = new CapturedNames(List.of("shop.Item", "my.shop-?.*"), false);
        assertThat(exact.mayBe(new TableId("shop", "Item"))).isTrue();
        assertThat(exact.mayBe(new TableId("shop", "item"))).isFalse();
        assertThat(exact.mayBe(new TableId("my.shop-1", "a.b"))).isTrue();
        assertThat(exact.mayBe(new TableId("my.shop-12", "a"))).isFalse();
        CapturedNames caseless = new CapturedNames(List.of("shop.Item"), true);
        assertThat(caseless.mayBe(new TableId("SHOP", "iTEM"))).isTrue();
        assertThat(caseless.mayBe(new TableId("shop", "items"))).isFalse();
    }

    @Test
    void theServersOwnTablesAreNeverCaptured() {
        CapturedNames all = new CapturedNames(List.of("*.*"), false);
        assertThat(all.mayBe(new TableId("mysql", "rds_heartbeat2"))).isFalse();
        assertThat(all.mayBe(new TableId("shop", "item"))).isTrue();
    }

    @Test
    void whatCannotBeReadMayBeOne() {
        CapturedNames names = new CapturedNames(List.of("shop.größe"), false);
        assertThat(names.mayBe(new TableId("shop", "gr\uFFFD\uFFFDe"))).isTrue();
        assertThat(names.mayBe(new TableId("other", "gr\uFFFD\uFFFDe"))).isFalse();
        assertThat(names.mayBe(new TableId("sh\uFFFDp", "x"))).isTrue();
    }
}
