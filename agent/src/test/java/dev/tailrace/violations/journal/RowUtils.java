package dev.tailrace.violations.journal;

class RowUtils {}
