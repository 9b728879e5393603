package dev.tailrace.violations.cli;

public class Main {}
