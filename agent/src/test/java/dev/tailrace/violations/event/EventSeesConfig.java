package dev.tailrace.violations.event;

class EventSeesConfig {
    Class<?> sees = dev.tailrace.violations.config.ConfigSeesEvent.class;
}
