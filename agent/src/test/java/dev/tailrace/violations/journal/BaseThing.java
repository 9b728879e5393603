package dev.tailrace.violations.journal;

class BaseThing {}
