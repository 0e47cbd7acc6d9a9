package certservice.admin.page;

import certservice.problem.Failure;
import certservice.problem.FailureAnswer;
import certservice.problem.Outage;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.faces.FacesException;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.context.ExceptionHandler;
import jakarta.faces.context.ExceptionHandlerWrapper;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.ExceptionQueuedEvent;
import jakarta.faces.event.PhaseId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.UUID;

/**
 * What goes wrong on a page is said there, above what the user has typed in; so beans let failures pass. What nobody
 * has foreseen gets an id, under which the log has more.
 */
public final class PageFailures extends ExceptionHandlerWrapper {

    private static final Logger LOG = System.getLogger(PageFailures.class.getName());

    PageFailures(ExceptionHandler wrapped) {
        super(wrapped);
    }

    @Override
    public void handle() throws FacesException {
        Iterator<ExceptionQueuedEvent> events = getUnhandledExceptionQueuedEvents().iterator();
        while (events.hasNext()) {
            Throwable thrown = events.next().getContext().getException();
            FacesContext faces = FacesContext.getCurrentInstance();
            // what fails while the page is written can't be said on it any more
            if (faces.getCurrentPhaseId() != PhaseId.RENDER_RESPONSE || isExpired(thrown)) {
                events.remove();
                show(thrown, faces);
            }
        }
        getWrapped().handle();
    }

    private static void show(Throwable thrown, FacesContext faces) {
        try {
            if (isExpired(thrown)) {
                loadAgain(faces);
                return;
            }
            Failure failure = FailureAnswer.in(thrown);
            if (failure.status() == 403) {
                Refusal.with(403, faces);
                return;
            }
            say(failure, thrown, faces);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The server has forgotten the page, and what was pressed on it with it. A script gets 409, of which
     * {@code admin.js} tells the user: it alone knows the whole address.
     */
    private static void loadAgain(FacesContext faces) throws IOException {
        ExternalContext external = faces.getExternalContext();
        if (faces.getPartialViewContext().isAjaxRequest()) {
            external.setResponseStatus(409);
        } else {
            CDI.current().select(Notices.class).get().add("The page was too old: nothing was done.");
            external.redirect(address((HttpServletRequest) external.getRequest()));
        }
        faces.responseComplete();
    }

    static String address(HttpServletRequest request) {
        String query = request.getQueryString();
        return request.getContextPath() + request.getServletPath() + (query == null ? "" : "?" + query);
    }

    private static void say(Failure failure, Throwable thrown, FacesContext faces) {
        String text = failure.getMessage();
        if (Outage.isIn(thrown)) {
            LOG.log(Level.WARNING, "A page of the administration: the database failed: {0}", Outage.summary(thrown));
        } else if (failure.getCause() != null) {
            String id = UUID.randomUUID().toString();
            LOG.log(Level.ERROR, "Page of the administration, failure " + id, thrown);
            text = "The service has failed. Its log tells why, at " + id + ".";
        }
        faces.addMessage(null, new FacesMessage(FacesMessage.SEVERITY_ERROR, text, null));
        failure.problems().forEach(problem -> faces.addMessage(null, new FacesMessage(FacesMessage.SEVERITY_ERROR,
                problem.detail() + " " + problem.hint(), null)));
        if (!faces.isPostback()) {
            faces.getExternalContext().setResponseStatus(failure.status());
        }
        faces.renderResponse();
    }

    private static boolean isExpired(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ViewExpiredException) {
                return true;
            }
        }
        return false;
    }

    /** Named in {@code faces-config.xml}. */
    public static final class Factory extends jakarta.faces.context.ExceptionHandlerFactory {

        public Factory(jakarta.faces.context.ExceptionHandlerFactory wrapped) {
            super(wrapped);
        }

        @Override
        public ExceptionHandler getExceptionHandler() {
            return new PageFailures(getWrapped().getExceptionHandler());
        }
    }
}
