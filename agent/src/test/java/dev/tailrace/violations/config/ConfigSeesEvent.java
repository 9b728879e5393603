package dev.tailrace.violations.config;

public class ConfigSeesEvent {
    Class<?> sees = dev.tailrace.violations.lifecycle.LifecycleSeesSink.class;
}
