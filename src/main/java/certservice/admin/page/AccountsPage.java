package certservice.admin.page;

import certservice.admin.AccountAdministration;
import certservice.admin.AccountDetails;
import certservice.problem.Failure;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The accounts at the CA. */
@Named
@ViewScoped
public class AccountsPage implements Serializable {

    private static final long serialVersionUID = 1L;

    @Inject
    AccountAdministration accounts;

    @Inject
    CurrentUser user;

    @Inject
    Notices notices;

    private List<AccountDetails> rows = List.of();
    private Map<String, String> contacts = new HashMap<>();
    private Map<String, Boolean> sure = new HashMap<>();

    public void load() {
        rows = accounts.list();
        contacts = new HashMap<>();
        sure = new HashMap<>();
        for (AccountDetails each : rows) {
            contacts.put(each.environment(), each.contact() == null ? "" : each.contact());
            sure.put(each.environment(), false);
        }
    }

    public void changeContact(String environment) {
        accounts.changeContact(environment, Lines.orNull(contacts.get(environment)), user.administrator());
        notices.add("The CA has the new contact of the account in " + environment + ".");
        load();
    }

    public void rollOver(String environment) {
        if (!Boolean.TRUE.equals(sure.get(environment))) {
            throw Failure.badRequest("The key is not changed: say first that you want it");
        }
        accounts.rollOverKey(environment, user.administrator());
        notices.add("The account in " + environment + " has a new key.");
        load();
    }

    public List<AccountDetails> getRows() {
        return rows;
    }

    public Map<String, String> getContacts() {
        return contacts;
    }

    public Map<String, Boolean> getSure() {
        return sure;
    }
}
