package org.scout4j.chat.calls;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.chat.Tool;
import tools.jackson.databind.JsonNode;

/**
 * What reading calls of a function takes.
 *
 * @param parameters names of its parameters in the order of its schema, for arguments without name
 */
public record DeclaredFunction(String name, List<String> parameters) {
    public DeclaredFunction {
        parameters = List.copyOf(parameters);
    }

    /** The functions of some tools, in their order. */
    public static List<DeclaredFunction> of(List<Tool> tools) {
        return tools.stream().map(DeclaredFunction::of).toList();
    }

    private static DeclaredFunction of(Tool tool) {
        JsonNode properties = tool.definition().path("parameters").path("properties");
        return new DeclaredFunction(tool.name(), new ArrayList<>(properties.propertyNames()));
    }
}
