package dev.tailrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskingTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            https://host:8443/path,                          https://host:8443/path
            https://user@host/path,                          https://user@host/path
            https://user:pw@host/path,                       https://user:********@host/path
            https://user:p/w@x@host/path,                    https://user:********@host/path
            https://:pw@host/,                               https://:********@host/
            jdbc:postgresql://h/db?user=u&password=pw,       jdbc:postgresql://h/db?user=u&password=********
            jdbc:postgresql://h/db?sslpassword=pw&ssl=true,  jdbc:postgresql://h/db?sslpassword=********&ssl=true
            jdbc:sqlserver://h;user=u;PASSWORD=pw;x=y,       jdbc:sqlserver://h;user=u;PASSWORD=********;x=y
            https://h/p?access_token=abc#top,                https://h/p?access_token=********#top
            plain text,                                      plain text
            """)
    void hidesPasswordsInUrls(String text, String masked) {
        assertThat(Masking.url(text)).isEqualTo(masked);
    }

    @Test
    void aSecretIsNeverItsText() {
        assertThat(new Secret("pw")).hasToString("********").isEqualTo(new Secret("pw"));
        assertThat(new Secret("pw").reveal()).isEqualTo("pw");
    }
}
