package io.thezone.bootstrap;

import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedClassResolver;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the classes that the {@code type} of a section can name. */
final class DiscoveredTypes {
    private DiscoveredTypes() {}

    /** @return the subtypes of a class, by the name under which YAML knows them */
    static Map<String, Class<?>> of(Class<?> kind, ObjectMapper mapper) {
        DeserializationConfig config = mapper.getDeserializationConfig();
        return mapper
                .getSubtypeResolver()
                .collectAndResolveSubtypesByTypeId(
                        config, AnnotatedClassResolver.resolveWithoutSuperTypes(config, kind))
                .stream()
                .filter(NamedType::hasName)
                .collect(Collectors.toMap(NamedType::getName, NamedType::getType, (one, same) -> one));
    }

    /** @return the names of the settings that a class can be made from */
    static Set<String> settings(Class<?> type, ObjectMapper mapper) {
        DeserializationConfig config = mapper.getDeserializationConfig();
        return config.introspect(config.constructType(type)).findProperties().stream()
                .filter(BeanPropertyDefinition::couldDeserialize)
                .map(BeanPropertyDefinition::getName)
                .collect(Collectors.toSet());
    }
}
