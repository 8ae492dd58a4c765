package org.scout4j.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** Bodies of enum constants apart, no class extends another of scout4j. */
final class InheritsNoOwnClass extends ArchCondition<JavaClass> {
    InheritsNoOwnClass() {
        super("extend no class of scout4j");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        type.getRawSuperclass()
                .filter(parent -> parent.getPackageName().startsWith("org.scout4j"))
                .filter(parent -> !parent.isEnum())
                .ifPresent(parent ->
                        events.add(
                                SimpleConditionEvent.violated(
                                        type, type.getName() + " extends " + parent.getName())));
    }
}
