package io.thezone.gateway;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The name of a header of this service: a token (RFC 9110, section 5.1) that is not the name of a header of HTTP. */
@Pattern(regexp = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", message = "must be a header name: letters, digits and -")
@Pattern(
        regexp =
                "(?i)(?!(Accept|Allow|Authorization|Cache-Control|Connection|Content-.*|Cookie|Date|Expect|Host|Location"
                        + "|Retry-After|Set-Cookie|Transfer-Encoding|Upgrade|Vary|WWW-Authenticate)$).*",
        message = "must not be a header that HTTP uses itself")
@Constraint(validatedBy = {})
@Target({ElementType.FIELD, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface HeaderName {
    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
