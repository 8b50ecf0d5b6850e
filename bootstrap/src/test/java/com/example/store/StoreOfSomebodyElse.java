package com.example.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.core.setup.Environment;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionRepositoryFactory;

/** A third-party store, with a setting that has the name of a shipped one. */
@JsonTypeName("other")
public final class StoreOfSomebodyElse implements SessionRepositoryFactory {
    @JsonProperty
    private String url = "its own default";

    @Override
    public SessionRepository build(Environment environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String describe() {
        return url;
    }
}
