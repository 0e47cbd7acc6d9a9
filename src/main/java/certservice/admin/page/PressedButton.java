package certservice.admin.page;

import certservice.problem.Failure;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;

/**
 * What a button says of itself ({@code f:param}), as the user saw it. The bean may know more by now; and Faces tells
 * the rows of a list apart by their number alone, while the list changes.
 */
@RequestScoped
public class PressedButton {

    @Inject
    HttpServletRequest request;

    /**
     * @param parameter the name of the button's parameter
     * @throws Failure 400 if the request has none
     */
    String get(String parameter) {
        String value = request.getParameter(parameter);
        if (value == null || value.isBlank()) {
            throw Failure.badRequest("The request does not say which " + parameter + " is meant; nothing was done");
        }
        return value;
    }
}
