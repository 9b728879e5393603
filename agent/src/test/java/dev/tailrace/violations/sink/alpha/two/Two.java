package dev.tailrace.violations.sink.alpha.two;

public class Two {}
