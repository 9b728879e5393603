package dev.tailrace.violations.journal;

public class ForNobody {}
