package dev.tailrace.demo;

import java.util.Set;

/** A kind of transaction in the shop; the weight says how often it comes in mixed traffic. */
public enum Errand {
    /** A new order: one insert, a multi-row insert of its items, often a payment. */
    ORDER(20),
    /** One order moves on: one update. */
    STATUS(20),
    /** A hot product is repriced: many connections, few keys. */
    REPRICE(15),
    /** An order goes away with its items and payments: deletes. */
    CANCEL(8),
    /** Gift cards get another code and items another line: primary keys change. */
    REKEY(10),
    /** Twenty new gift cards in one statement. */
    MULTI_ROW(5),
    /** Ten stock movements in one COPY or one multi-row insert: ten changes that share a position. */
    COPY(8),
    /** A change of a product whose long description stays as it is: PostgreSQL does not send it again. */
    TOAST(8),
    /** A row that comes, changes, goes and comes back within one transaction. */
    FLEETING(5),
    /** Work that is rolled back, whole or to a savepoint. */
    ROLLBACK(4),
    /** Thousands of changes in one transaction. */
    BULK(1);

    private final int weight;

    Errand(int weight) {
        this.weight = weight;
    }

    /** @param roll not negative; spread evenly, these kinds come by their weights */
    static Errand of(int roll, Set<Errand> kinds) {
        int left = roll % kinds.stream().mapToInt(errand -> errand.weight).sum();
        for (Errand errand : kinds) {
            left -= errand.weight;
            if (left < 0) {
                return errand;
            }
        }
        throw new IllegalStateException("no errand for " + roll);
    }
}
